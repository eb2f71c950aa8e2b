/** Text from outside as a terminal may show it: nothing in it moves the cursor or changes a colour. */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '\uFFFD');
}
