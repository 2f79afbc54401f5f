import { readCode } from './reader';

/** The centre square of the picture, scaled down to this many pixels: enough for the longest live code in the frame. */
const SIDE = 720;
/** Milliseconds between looks: a cheap phone must stay cool through a night. */
const REST = 40;

/** Why there is no picture. */
export type CameraFault = 'denied' | 'missing' | 'busy';

/** The camera, and the codes it sees. */
export class Camera {
  private stream: MediaStream | null = null;
  private running = false;
  private readonly canvas = document.createElement('canvas');
  private readonly pixels: CanvasRenderingContext2D;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly seen: (text: string) => void,
  ) {
    this.canvas.width = this.canvas.height = SIDE;
    this.pixels = this.canvas.getContext('2d', { willReadFrequently: true })!;
  }

  /** Starts; returns why it could not. */
  async start(): Promise<CameraFault | null> {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } });
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch (e) {
      const name = e instanceof DOMException ? e.name : '';
      return name === 'NotAllowedError' ? 'denied' : name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'busy';
    }
    this.running = true;
    void this.run();
    return null;
  }

  stop(): void {
    this.running = false;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  /** Whether the track still delivers: a phone takes the camera away when another program wants it. */
  get live(): boolean {
    return this.stream?.getVideoTracks()[0]?.readyState === 'live';
  }

  get hasTorch(): boolean {
    const track = this.stream?.getVideoTracks()[0];
    return (track?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch === true;
  }

  async torch(on: boolean): Promise<void> {
    await this.stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
  }

  private async run(): Promise<void> {
    while (this.running) {
      const { videoWidth: width, videoHeight: height } = this.video;
      const side = Math.min(width, height);
      if (side > 0 && document.visibilityState === 'visible') {
        this.pixels.drawImage(this.video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
        const text = await readCode(this.pixels.getImageData(0, 0, SIDE, SIDE));
        if (text !== null && this.running) this.seen(text);
      }
      await new Promise((next) => setTimeout(next, REST));
    }
  }
}
