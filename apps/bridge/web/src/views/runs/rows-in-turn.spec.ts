import { describe, expect, it } from 'vitest';
import { type Row, RowsInTurn, type ScreenRange } from './rows-in-turn';

const rowsOf = (first: number, last: number): Row[] =>
  Array.from({ length: last - first + 1 }, (_none, offset) => ({
    key: `row-${first + offset}`,
    index: first + offset,
  }));

const indicesOf = (rows: readonly Row[]): number[] => rows.map(({ index }) => index);

const screen: ScreenRange = { startIndex: 10, endIndex: 12 };

describe('RowsInTurn', () => {
  it('renders what is on the screen at once', () => {
    expect(indicesOf(new RowsInTurn().choose(rowsOf(8, 14), screen, 1))).toEqual([10, 11, 12]);
  });

  it('renders one more row in each further frame, first below the screen and then above it, nearest first', () => {
    const turns = new RowsInTurn();
    const rendered = [1, 2, 3, 4, 5, 6].map((frame) => indicesOf(turns.choose(rowsOf(8, 14), screen, frame)));
    expect(rendered).toEqual([
      [10, 11, 12],
      [10, 11, 12, 13],
      [10, 11, 12, 13, 14],
      [9, 10, 11, 12, 13, 14],
      [8, 9, 10, 11, 12, 13, 14],
      [8, 9, 10, 11, 12, 13, 14],
    ]);
  });

  it('renders nothing more however often it is asked in one frame', () => {
    const turns = new RowsInTurn();
    turns.choose(rowsOf(8, 14), screen, 1);
    turns.choose(rowsOf(8, 14), screen, 2);
    expect(indicesOf(turns.choose(rowsOf(8, 14), screen, 2))).toEqual([10, 11, 12, 13]);
  });

  it('leaves the frame in which the list moves alone, then adds a row, then drops what is wanted no more', () => {
    const turns = new RowsInTurn();
    turns.choose(rowsOf(10, 12), screen, 1);
    const down = { startIndex: 11, endIndex: 12 };
    expect(indicesOf(turns.choose(rowsOf(11, 13), down, 2))).toEqual([10, 11, 12]);
    expect(indicesOf(turns.choose(rowsOf(11, 13), down, 2))).toEqual([10, 11, 12]);
    expect(indicesOf(turns.choose(rowsOf(11, 13), down, 3))).toEqual([10, 11, 12, 13]);
    expect(indicesOf(turns.choose(rowsOf(11, 13), down, 4))).toEqual([11, 12, 13]);
  });

  it('does not gather what is wanted no more while the list goes on moving', () => {
    const turns = new RowsInTurn();
    turns.choose(rowsOf(10, 12), screen, 1);
    for (let step = 1; step < 50; step++) {
      const rows = turns.choose(rowsOf(10 + step, 12 + step), { startIndex: 10 + step, endIndex: 12 + step }, step + 1);
      expect(indicesOf(rows)).toEqual([10 + step, 11 + step, 12 + step]);
    }
  });

  it('drops at once what is wanted no more when the screen shows something else, and renders what comes onto the screen in any frame', () => {
    const turns = new RowsInTurn();
    turns.choose(rowsOf(8, 14), screen, 1);
    expect(indicesOf(turns.choose(rowsOf(10, 16), { startIndex: 12, endIndex: 14 }, 1))).toEqual([10, 11, 12, 13, 14]);
    expect(indicesOf(turns.choose(rowsOf(100, 106), { startIndex: 102, endIndex: 104 }, 1))).toEqual([102, 103, 104]);
  });
});
