/** The tab's icon with a dot and a number, drawn once per number. */
const drawn = new Map<string, string>();

export function badge(count: number) {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  const original = (link.dataset["original"] ??= link.href);
  const text = count > 9 ? "9+" : count > 0 ? String(count) : "";
  const ready = drawn.get(text);
  if (text === "") link.href = original;
  else if (ready) link.href = ready;
  else draw(original, text, (url) => (link.href = url));
}

function draw(original: string, text: string, done: (url: string) => void) {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.drawImage(image, 0, 0, 64, 64);
    pen.fillStyle = "#e5484d";
    pen.beginPath();
    pen.arc(44, 20, 20, 0, Math.PI * 2);
    pen.fill();
    pen.fillStyle = "#fff";
    pen.font = `700 ${text.length > 1 ? 22 : 28}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, 44, 21);
    const url = canvas.toDataURL("image/png");
    drawn.set(text, url);
    done(url);
  };
  image.src = original;
}
