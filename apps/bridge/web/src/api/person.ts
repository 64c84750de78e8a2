/** Somebody whose work the page shows. */
export interface Person {
  /** Undefined as long as it is not known. */
  name: string | undefined;
}

let present: Person = { name: undefined };

/** Who is at work, even while their session is over and has to begin again. */
export const presentPerson = (): Person => present;

/** @param isSame whether it is the one who was there before, whose name may be known only now */
export function becomePresent(name: string | undefined, isSame: boolean): void {
  if (isSame) present.name = name;
  else present = { name };
}
