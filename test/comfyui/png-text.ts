import { crc32 } from 'node:zlib';

const endOfHeader = 33;

/** Puts Latin-1 text chunks right behind the header of a PNG, where ComfyUI's SaveImage has them. */
export function withTextChunks(png: Buffer, texts: Record<string, string>): Buffer {
  const chunks = Object.entries(texts).map(([keyword, text]) => chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1')));
  return Buffer.concat([png.subarray(0, endOfHeader), ...chunks, png.subarray(endOfHeader)]);
}

/** The text chunks of a PNG by keyword. */
export function textChunksOf(png: Buffer): Record<string, string> {
  const texts: Record<string, string> = {};
  for (let at = 8; at + 8 <= png.length; at += 12 + png.readUInt32BE(at)) {
    const [keyword, text] = png.toString('latin1', at + 8, at + 8 + png.readUInt32BE(at)).split('\0');
    if (png.toString('latin1', at + 4, at + 8) === 'tEXt') texts[keyword] = text;
  }
  return texts;
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(body.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), framed.length - 4);
  return framed;
}
