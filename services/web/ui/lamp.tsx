/** The porch light: Porchlight's mark. */
export function Lamp({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden>
      <path d="M12 2.5v3" stroke="var(--lamp)" strokeWidth="1.8" strokeLinecap="round" />
      <path d="M6.5 11a5.5 5.5 0 0 1 11 0l1.6 5.2H4.9z" fill="var(--lamp)" />
      <path d="M9.4 18.6a2.6 2.6 0 0 0 5.2 0" fill="none" stroke="var(--lamp)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
