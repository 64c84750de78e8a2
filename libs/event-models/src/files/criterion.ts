/** What a criterion of an SLO file says, such as `<=+10%`. */
export interface Criterion {
  readonly operator: '<=' | '<' | '=' | '>=' | '>';
  /** The number, without sign and percent sign. */
  readonly value: number;
  readonly isPercentage: boolean;
  /** Compared with earlier results; a percentage always is, also without a sign. */
  readonly isRelative: boolean;
  /** Of a relative criterion: whether the value is added to the base or taken from it. */
  readonly isIncrease: boolean;
}

/** In the order in which Keptn 0.7 looks for them. */
const OPERATORS = ['<=', '<', '=', '>=', '>'] as const;

const DIGITS = String.raw`\d(?:_?\d)*`;
const HEX = String.raw`_?[0-9a-f](?:_?[0-9a-f])*`;

/** What Go's ParseFloat reads; of the words, only the infinite ones and NaN. */
const DECIMAL = new RegExp(String.raw`^[+-]?(?:${DIGITS}(?:\.(?:${DIGITS})?)?|\.${DIGITS})(?:e[+-]?${DIGITS})?$`, 'i');
const HEXADECIMAL = new RegExp(String.raw`^([+-]?)0x(${HEX})?(?:\.(${HEX})?)?p([+-]?\d+)$`, 'i');
const INFINITE = /^([+-]?)inf(?:inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;

/**
 * Reads a criterion by the grammar of Keptn 0.7: all blanks are ignored; an operator; a sign makes it relative; a trailing percent
 * sign as well.
 *
 * @returns undefined for what is no criterion
 */
export function parseCriterion(text: string): Criterion | undefined {
  const compact = text.replaceAll(' ', '');
  const operator = OPERATORS.find((known) => compact.startsWith(known));
  if (operator === undefined) return undefined;
  let rest = compact.slice(operator.length);
  const isPercentage = rest.endsWith('%');
  if (isPercentage) rest = rest.slice(0, -1);
  const sign = /^[+-]/.exec(rest)?.[0];
  if (sign !== undefined) rest = rest.slice(1);
  const value = goFloat(rest);
  if (value === undefined) return undefined;
  return {
    operator,
    value,
    isPercentage,
    isRelative: isPercentage || sign !== undefined,
    isIncrease: sign === '+' || (isPercentage && sign === undefined),
  };
}

/**
 * A number as Go's `strconv.ParseFloat` reads it.
 *
 * @returns undefined for what is none, or is beyond the largest double
 */
export function goFloat(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : undefined;
  }
  if (NOT_A_NUMBER.test(text)) return Number.NaN;
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return hexadecimal(text);
}

function hexadecimal(text: string): number | undefined {
  const [, sign, whole = '', fraction = '', exponent] = HEXADECIMAL.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replaceAll('_', '');
  if (digits === '' || exponent === undefined) return undefined;
  const scale = Number(exponent) - 4 * fraction.replaceAll('_', '').length;
  const value = Number(`0x${digits}`) * 2 ** scale;
  if (!Number.isFinite(value)) return undefined;
  return sign === '-' ? -value : value;
}
