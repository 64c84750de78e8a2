import { describeScope } from '../../api/resource-scope';
import { type Output } from '../../output/output';
import { type FileChange, type Plan } from './plan';

/** Larger texts are only named, in bytes. */
const LONGEST_DIFF = 64 * 1024;

/** What will happen, as a person reads it: a line for each change, and the differences of text files. */
export async function describePlan(project: string, plan: Plan, paint: Output['paint']): Promise<string> {
  const lines = [
    ...(plan.isNew ? [paint.green(`+ project ${project}`)] : []),
    ...plan.newStages.map((stage) => paint.green(`+ stage ${stage}`)),
    ...plan.newServices.map((service) => paint.green(`+ service ${service}`)),
    ...plan.missingOnStage.map(({ stage, service }) => paint.green(`+ service ${service} in stage ${stage}`)),
  ];
  for (const { scope, files } of plan.scopes) {
    for (const file of files) {
      lines.push(titleOf(file, describeScope(scope), paint));
      lines.push(...(await differences(file, paint)));
    }
  }
  return lines.join('\n');
}

function titleOf({ path, before, after }: FileChange, scope: string, paint: Output['paint']): string {
  if (after === undefined) {
    return paint.red(`- ${path} of ${scope}`);
  }
  return before === undefined ? paint.green(`+ ${path} of ${scope}`) : paint.yellow(`~ ${path} of ${scope}`);
}

/** The lines of a unified diff; none for new, deleted, large and binary files. */
async function differences({ path, before, after }: FileChange, paint: Output['paint']): Promise<string[]> {
  if (before === undefined || after === undefined || !isShort(before) || !isShort(after)) {
    return [];
  }
  const { structuredPatch } = await import('diff');
  const { hunks } = structuredPatch(path, path, before.toString('utf8'), after.toString('utf8'), '', '', {
    context: 2,
  });
  return hunks.flatMap(({ oldStart, newStart, lines }) => [
    paint.cyan(`  @@ -${oldStart} +${newStart} @@`),
    ...lines.map((line) => colored(`  ${line}`, line[0], paint)),
  ]);
}

const isShort = (content: Buffer): boolean => content.length <= LONGEST_DIFF && !content.includes(0);

function colored(line: string, sign: string | undefined, paint: Output['paint']): string {
  if (sign === '+') {
    return paint.green(line);
  }
  return sign === '-' ? paint.red(line) : line;
}
