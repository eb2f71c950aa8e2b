import { ParseOptions } from 'graphql';

/** Many times what people write, and too little for nesting that a walk by recursion would break on. */
export const PARSE_OPTIONS: ParseOptions = { maxLexicalTokens: 2_000 };
