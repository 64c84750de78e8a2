/** Whether an event type is meant by a pattern. */
export type TypeMatcher = (type: string) => boolean;

/** Stands for one token of a type, as in a NATS subject. */
const ONE_TOKEN = '*';
/** Stands for one or more tokens at the end of a type, as in a NATS subject. */
const ALL_THAT_FOLLOW = '>';

/**
 * Reads one entry of a subscription's `types`: an exact type; a NATS subject with `*` for one token and `>` for one or more at
 * its end; or a text that ends in `*` behind something else than a dot, which means every type that begins so.
 */
export function typeMatcherOf(pattern: string): TypeMatcher {
  const tokens = pattern.split('.');
  if (tokens.some((token) => token === ONE_TOKEN || token === ALL_THAT_FOLLOW)) return subjectMatcher(tokens);
  if (!pattern.endsWith(ONE_TOKEN)) return (type) => type === pattern;
  const prefix = pattern.slice(0, -ONE_TOKEN.length);
  return (type) => type.startsWith(prefix);
}

/** Whether a pattern can match something: `>` stands only at the end, `*` only for a whole token or at the end. */
export function isTypePattern(pattern: string): boolean {
  const tokens = pattern.split('.');
  return tokens.every(
    (token, index) =>
      token !== '' &&
      !/\s/.test(token) &&
      (!token.includes(ALL_THAT_FOLLOW) || (token === ALL_THAT_FOLLOW && index === tokens.length - 1)) &&
      (!token.includes(ONE_TOKEN) || token === ONE_TOKEN || isPrefixOfLastToken(token, index, tokens)),
  );
}

const isPrefixOfLastToken = (token: string, index: number, tokens: readonly string[]): boolean =>
  index === tokens.length - 1 &&
  token.indexOf(ONE_TOKEN) === token.length - 1 &&
  !tokens.includes(ONE_TOKEN) &&
  !tokens.includes(ALL_THAT_FOLLOW);

function subjectMatcher(pattern: readonly string[]): TypeMatcher {
  const isOpen = pattern.at(-1) === ALL_THAT_FOLLOW;
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  return (type) => {
    const tokens = type.split('.');
    const hasLength = isOpen ? tokens.length > fixed.length : tokens.length === fixed.length;
    return hasLength && fixed.every((token, index) => token === ONE_TOKEN || token === tokens[index]);
  };
}
