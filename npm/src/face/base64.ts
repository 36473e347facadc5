/** Base64 by `btoa` and `atob`, which every runtime has; a Worker without nodejs_compat has no Buffer. */
const chunkBytes = 0x8000;

export function bytesToBase64(bytes: Uint8Array): string {
  let text = "";
  // In chunks, as a call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    text += String.fromCharCode(...bytes.subarray(start, start + chunkBytes));
  }
  return btoa(text);
}

export function base64ToBytes(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
