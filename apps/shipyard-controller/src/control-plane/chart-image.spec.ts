import { packTgz } from '@keptn/tar';
import { describe, expect, it } from 'vitest';
import { imageOfChart } from './chart-image';

const chartWith = (values: string): Promise<Buffer> =>
  packTgz('carts', [{ path: 'values.yaml', content: Buffer.from(values) }]);

describe('the image of a chart', () => {
  it('is what its values.yaml says', async () => {
    const chart = await chartWith('image: docker.io/keptnexamples/carts:0.12.1\nreplicas: 1\n');
    expect(await imageOfChart(chart)).toEqual({ image: 'docker.io/keptnexamples/carts:0.12.1' });
  });

  it.each([
    ['an alias of nothing', 'image: *nope'],
    ['no YAML', 'image: [unclosed'],
    ['aliases that expand without end', `a: &a [x,x]\n${'b: &a [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n'.repeat(20)}`],
    ['no mapping', '- image'],
    ['another kind of value', 'image: {repository: carts}'],
  ])('is unknown where there is %s', async (_what, values) => {
    expect(await imageOfChart(await chartWith(values))).toEqual({});
  });
});
