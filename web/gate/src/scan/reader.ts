import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

const OPTIONS: ReaderOptions = { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 1, textMode: 'Plain' };

/** Loads the reader. Without the override the library would fetch its wasm from a public network: a gate has none. */
export const prepareReader = (): Promise<unknown> =>
  prepareZXingModule({ overrides: { locateFile: (path: string) => (path.endsWith('.wasm') ? wasm : path) }, fireImmediately: true });

/** The text of the QR code in a picture, untouched; null when there is none. */
export async function readCode(picture: ImageData): Promise<string | null> {
  const found = await readBarcodes(picture, OPTIONS);
  return found[0]?.isValid ? found[0].text : null;
}
