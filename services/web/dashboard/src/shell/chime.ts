/** Two soft notes, made here: no file to load, and quiet when the browser forbids sound before a click. */
let context: AudioContext | null = null;

export function chime() {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume();
    note(context, 660, 0);
    note(context, 880, 0.12);
  } catch {
    // No sound device, or not allowed yet: the title and the icon have said it too.
  }
}

function note(audio: AudioContext, pitch: number, after: number) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  const start = audio.currentTime + after;
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.08, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.4);
}
