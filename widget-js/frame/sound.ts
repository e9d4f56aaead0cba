/** A short soft tone for a new message; silent until the visitor has touched the panel. */

let audio: AudioContext | null = null;

export function allowSound() {
  const allow = () => {
    try {
      audio ??= new AudioContext();
    } catch {
      // No sound here.
    }
  };
  for (const type of ["pointerdown", "keydown"]) window.addEventListener(type, allow, { once: true });
}

export function beep() {
  if (!audio || audio.state !== "running") return;
  const now = audio.currentTime;
  const gain = audio.createGain();
  gain.connect(audio.destination);
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(0.06, now + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, now + 0.35);
  for (const [pitch, at] of [
    [660, 0],
    [880, 0.09],
  ] as const) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(gain);
    tone.start(now + at);
    tone.stop(now + 0.36);
  }
}
