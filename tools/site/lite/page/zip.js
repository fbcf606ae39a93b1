// Zip archives, as much as notebooks need: written without compression, read with or without it.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

// Little-endian numbers, each as [value, bytes].
function record(...numbers) {
  return Uint8Array.from(
    numbers.flatMap(([value, size]) => Array.from({ length: size }, (_, i) => (value / 2 ** (8 * i)) & 255)),
  );
}

// A Blob of {name: text}.
export function pack(texts, now = new Date()) {
  const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
  const day = ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate();
  const encode = new TextEncoder();
  const [bodies, list] = [[], []];
  let at = 0;
  for (const [name, text] of Object.entries(texts)) {
    const [title, bytes] = [encode.encode(name), encode.encode(text)];
    // Version 2.0, names in UTF-8, no compression.
    const about = [[20, 2], [0x800, 2], [0, 2], [time, 2], [day, 2], [crc32(bytes), 4]];
    about.push([bytes.length, 4], [bytes.length, 4], [title.length, 2], [0, 2]);
    const head = record([0x04034b50, 4], ...about);
    list.push(record([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), title);
    bodies.push(head, title, bytes);
    at += head.length + title.length + bytes.length;
  }
  const [size, count] = [list.reduce((sum, part) => sum + part.length, 0), bodies.length / 3];
  const end = record([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [at, 4], [0, 2]);
  return new Blob([...bodies, ...list, end], { type: "application/zip" });
}

// {name: text} of an archive.
export async function unpack(blob) {
  const view = new DataView(await blob.arrayBuffer());
  let end = view.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("it is not a zip archive");
  const [texts, decode] = [{}, new TextDecoder()];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [method, size, long] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint16(at + 28, true)];
    const name = decode.decode(new Uint8Array(view.buffer, at + 46, long));
    const head = view.getUint32(at + 42, true);
    const begin = head + 30 + view.getUint16(head + 26, true) + view.getUint16(head + 28, true);
    let stream = new Blob([new Uint8Array(view.buffer, begin, size)]).stream();
    if (method === 8) stream = stream.pipeThrough(new DecompressionStream("deflate-raw"));
    if (!name.endsWith("/")) texts[name] = await new Response(stream).text();
    at += 46 + long + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return texts;
}
