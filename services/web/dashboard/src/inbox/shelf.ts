/** Where drafts are kept; where the browser refuses storage, they live as long as the page. */
export function shelf(): Storage {
  try {
    localStorage.length;
    return localStorage;
  } catch {
    return memoryShelf();
  }
}

function memoryShelf(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}
