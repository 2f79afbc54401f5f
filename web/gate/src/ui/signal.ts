import type { Verdict } from '../codes/verdict';

/** Pitch in Hz, start and length in seconds. Three patterns that are told apart with the eyes on the person, also through a mask and gloves. */
const TONES: Record<Verdict, [number, number, number][]> = {
  Admit: [[880, 0, 0.09], [1320, 0.1, 0.16]],
  Check: [[660, 0, 0.16], [660, 0.24, 0.16]],
  Refuse: [[220, 0, 0.5], [196, 0.1, 0.5]],
};
const VIBRATION: Record<Verdict, number[]> = { Admit: [60], Check: [120, 80, 120], Refuse: [400, 100, 400] };

let audio: AudioContext | null = null;

/** Browsers let a page sound only after a touch: call this from one. */
export function wakeSound(): void {
  audio ??= new AudioContext();
  if (audio.state === 'suspended') void audio.resume();
}

/** Sound and vibration of a verdict. */
export function signal(verdict: Verdict): void {
  // Only after a touch: before, the browser would complain and stay silent.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(VIBRATION[verdict]);
  if (audio === null || audio.state !== 'running') return;
  for (const [pitch, start, length] of TONES[verdict]) tone(audio, pitch, audio.currentTime + start, length, verdict === 'Refuse' ? 'square' : 'sine');
}

function tone(context: AudioContext, pitch: number, at: number, length: number, shape: OscillatorType): void {
  const source = new OscillatorNode(context, { type: shape, frequency: pitch });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.5, at + 0.01);
  volume.gain.linearRampToValueAtTime(0, at + length);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + length);
}
