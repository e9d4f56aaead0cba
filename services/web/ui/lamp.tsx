/** The porch light: Porchlight's mark. A lantern on its hook. */
export function Lamp({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="var(--lamp)" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" aria-hidden>
      <path d="M12 1.8v2.4" />
      <path d="M6.2 8.4 12 4.2l5.8 4.2z" fill="var(--lamp)" />
      <path d="M7.6 8.6 8.6 18h6.8l1-9.4" />
      <path d="M6.8 21h10.4M8.6 18h6.8" />
      <path d="M12 11.2c1.5 1.6 1.5 3.9 0 4.6-1.5-.7-1.5-3 0-4.6z" fill="var(--lamp)" stroke="none" />
    </svg>
  );
}
