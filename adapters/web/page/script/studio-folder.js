/** A folder that was dropped, packed as a zip without compression: clips are compressed already, and texts are small. */

const MOST_FILES = 2000;
const UTF8 = 0x0800;

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<File>} */
export async function packed(folder) {
  const files = await filesIn(folder, "");
  const parts = [];
  const listed = [];
  let at = 0;
  for (const [path, file] of files) {
    const name = new TextEncoder().encode(path);
    const content = new Uint8Array(await file.arrayBuffer());
    const facts = { name, size: content.length, check: crc32(content), at };
    const head = header(facts);
    parts.push(head, content);
    listed.push(entry(facts));
    at += head.length + content.length;
  }
  const length = listed.reduce((sum, one) => sum + one.length, 0);
  return new File([...parts, ...listed, end(listed.length, length, at)], `${folder.name}.zip`);
}

async function filesIn(folder, above) {
  const found = [];
  const reader = folder.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) {
      if (one.name.startsWith(".")) continue;
      if (one.isDirectory) found.push(...(await filesIn(one, `${above}${one.name}/`)));
      else found.push([above + one.name, await new Promise((resolve, reject) => one.file(resolve, reject))]);
      if (found.length > MOST_FILES) throw new Error(`A story's folder has at most ${MOST_FILES} files.`);
    }
  }
}

function numbers(...pairs) {
  const view = new DataView(new ArrayBuffer(pairs.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of pairs) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

/** What header and list both say: version, flags, stored, a time (1980-01-01), checksum, sizes, name. */
const said = ({ check, size, name }) => [
  [2, 20], [2, UTF8], [2, 0], [2, 0], [2, 0x21], [4, check], [4, size], [4, size], [2, name.length], [2, 0],
];

function header(facts) {
  return joined(numbers([4, 0x04034b50], ...said(facts)), facts.name);
}

function entry(facts) {
  return joined(numbers([4, 0x02014b50], [2, 20], ...said(facts), [2, 0], [2, 0], [2, 0], [4, 0], [4, facts.at]), facts.name);
}

function end(count, length, at) {
  return numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, length], [4, at], [2, 0]);
}

function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(content) {
  let value = ~0;
  for (let index = 0; index < content.length; index += 1) value = TABLE[(value ^ content[index]) & 0xff] ^ (value >>> 8);
  return ~value >>> 0;
}
