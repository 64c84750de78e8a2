import type { ExpandedProject, ExpandedService, ExpandedStage } from '@keptn/api-models';

/** An answer of any server that the commands work with: Keptn 0.7 leaves lists without items out, or writes null. */
type Lenient<Body> = Body extends readonly (infer Item)[]
  ? readonly Lenient<Item>[]
  : Body extends object
    ? {
        readonly [Key in keyof Body]:
          | Lenient<Body[Key]>
          | (Body[Key] extends readonly unknown[] ? null | undefined : never);
      }
    : Body;

export type Project = Lenient<ExpandedProject>;
export type Stage = Lenient<ExpandedStage>;
export type StageService = Lenient<ExpandedService>;
