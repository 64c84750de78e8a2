import { randomUUID } from 'node:crypto';
import { commonSettings, type RunningService, startService } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import mongoose, { type Connection, Schema } from 'mongoose';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { MongodbConnectionModule } from './mongodb-connection.module';

const PATIENCE = { timeout: 20_000, interval: 50 };

let uri: string;
let other: Connection;
let service: RunningService;

beforeEach(async () => {
  uri = `${inject('mongodbUri')}/prepared-${randomUUID()}`;
  other = await mongoose.createConnection(uri).asPromise();
});

afterEach(async () => {
  await service.close();
  await other.close();
});

it('has a service wait until its indexes can be made, over one and the same connection', async () => {
  const things = other.collection('things');
  await things.insertMany([{ name: 'twice' }, { name: 'twice' }]);
  service = await startService(
    { name: 'things', settings: commonSettings, module: () => thingsAt(uri) },
    { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' },
  );
  const ready = async () => (await fetch(`${service.url}/ready`)).status;
  const attempts = vi.spyOn(mongoose.mongo.Collection.prototype, 'createIndex');
  await vi.waitFor(() => {
    expect(attempts.mock.calls.length).toBeGreaterThan(0);
  }, PATIENCE);
  expect(await ready()).toBe(503);
  await things.deleteOne({ name: 'twice' });
  await vi.waitFor(async () => {
    expect(await ready()).toBe(200);
  }, PATIENCE);
  expect(Object.keys(await things.indexInformation())).toContain('name_1');
});

function thingsAt(uri: string) {
  const schema = new Schema({ name: String }, { autoIndex: false, autoCreate: false });
  schema.index({ name: 1 }, { unique: true });
  @Module({
    imports: [
      MongodbConnectionModule.connect(uri),
      MongooseModule.forFeature([{ name: 'Thing', schema, collection: 'things' }]),
    ],
  })
  class Things {}
  return Things;
}
