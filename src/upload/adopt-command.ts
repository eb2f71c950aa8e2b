/** The command that raises a series above the names that storage holds, ready to be pasted into a shell. */
export function adoptCommand(username: string, character: string): string {
  return `filmroll adopt --username=${quoted(username)} --character=${quoted(character)}`;
}

/** One word for a POSIX shell. Control characters are spelt out, for a message stays on one line. */
function quoted(word: string): string {
  if (/^[\w.@:-]+$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const spelt = word
    .replace(/[\\']/g, String.raw`\$&`)
    .replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `$'${spelt}'`;
}
