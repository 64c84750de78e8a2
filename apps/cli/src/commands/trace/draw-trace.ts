import { type JsonObject } from '@keptn/event-models/json';
import { idOf, locationOf, resultOf, sourceOf, typeOf } from '../../output/event-text';
import { type Output } from '../../output/output';

/** A line of the tree, and what is below it. */
interface Node {
  readonly cells: readonly string[];
  readonly children: Node[];
}

const GOOD = new Set(['pass', 'succeeded']);
const BAD = new Set(['fail', 'failed', 'errored']);

/**
 * Events that answer another one (`triggeredid`) stand below it, the rest below their stage and service.
 *
 * @param events of one context, oldest first
 */
export function drawTrace(events: readonly JsonObject[], paint: Output['paint']): string {
  const begin = timeOf(events[0] ?? {});
  const nodes = new Map(events.map((event) => [idOf(event), { cells: cellsOf(event, begin), children: [] as Node[] }]));
  const groups = new Map<string, Node>();
  for (const event of events) {
    const node = nodes.get(idOf(event));
    const trigger = typeof event['triggeredid'] === 'string' ? nodes.get(event['triggeredid']) : undefined;
    if (node !== undefined) {
      (trigger !== undefined && trigger !== node ? trigger : groupNode(groups, locationOf(event))).children.push(node);
    }
  }
  const roots = [...groups.values()];
  const width = Math.max(...roots.map((root) => widthOf(root, 0)));
  const lines = roots.flatMap((root) => [root.cells[0] ?? '', ...draw(root.children, '', width, paint)]);
  return [headline(events), ...lines].join('\n');
}

function groupNode(groups: Map<string, Node>, name: string): Node {
  const group = groups.get(name) ?? { cells: [name === '' ? '(no project)' : name], children: [] };
  groups.set(name, group);
  return group;
}

const timeOf = ({ time }: JsonObject): number => (typeof time === 'string' ? Date.parse(time) : Number.NaN);

const cellsOf = (event: JsonObject, begin: number): string[] => [
  shortType(typeOf(event)),
  sinceBegin(timeOf(event) - begin),
  sourceOf(event),
  resultOf(event),
];

/** What all types have in common says nothing. */
const shortType = (type: string): string => type.replace(/^sh\.keptn\.(?:internal\.)?events?\./, '');

function sinceBegin(milliseconds: number): string {
  return Number.isNaN(milliseconds) ? '' : `+${(milliseconds / 1000).toFixed(3)} s`;
}

function headline(events: readonly JsonObject[]): string {
  const [first = {}] = events;
  const last = Math.max(...events.map(timeOf));
  const context = typeof first['shkeptncontext'] === 'string' ? first['shkeptncontext'] : '';
  const time = typeof first['time'] === 'string' ? first['time'] : '';
  return `Keptn context ${context}: ${events.length} events from ${time}, ${sinceBegin(last - timeOf(first)).slice(1)}`;
}

const INDENT = 3;

const widthOf = ({ cells, children }: Node, depth: number): number =>
  Math.max((cells[0] ?? '').length + depth * INDENT, ...children.map((child) => widthOf(child, depth + 1)));

function draw(children: readonly Node[], prefix: string, width: number, paint: Output['paint']): string[] {
  return children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const [type = '', time = '', source = '', result = ''] = child.cells;
    const name = `${prefix}${isLast ? '└─ ' : '├─ '}${type}`.padEnd(width);
    const line = `${name}  ${time.padStart(12)}  ${source}${result === '' ? '' : `  ${colored(result, paint)}`}`;
    return [line, ...draw(child.children, `${prefix}${isLast ? '   ' : '│  '}`, width, paint)];
  });
}

function colored(result: string, paint: Output['paint']): string {
  if (GOOD.has(result)) {
    return paint.green(result);
  }
  return BAD.has(result) ? paint.red(result) : paint.yellow(result);
}
