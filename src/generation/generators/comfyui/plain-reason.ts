const LONGEST = 300;

/**
 * ComfyUI's words for people and rows: the first line that says something, without tensors, addresses and paths, at most 300 characters.
 * Its messages may hold whole tensors, tracebacks and the server's folders.
 */
export function plainReason(text: string): string {
  const line = text.split(/\r?\n/).find((candidate) => /\w/.test(candidate)) ?? '';
  const plain = line
    .replace(/tensor\(.*/s, '…')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replace(/(["'])(?:\/|~|[a-z]:[\\/]|\\\\).*?\1/gi, '…')
    .replace(/(^|[\s(=:,[])(?:~?\/[^\s:,)\]]+|[a-z]:[\\/][^\s,)\]]*|\\\\[^\s,)\]]+)/gi, '$1…')
    .replace(/\s+/g, ' ')
    .replace(/^[*\s]*(?:ERROR:\s*)?/, '')
    .trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
