/** Why an indicator has no value, for people. */
export class NoValue extends Error {}
