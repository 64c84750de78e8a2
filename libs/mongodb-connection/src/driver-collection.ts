import { type Model, type mongo } from 'mongoose';

/**
 * The driver's own collection of a model, for what is done so often that mongoose's casts and hooks would be felt. What is written
 * to it is taken as it is.
 *
 * @typeParam Stored what its documents are
 */
export const driverCollection = <Stored extends mongo.Document>(model: Model<Stored>): mongo.Collection<Stored> =>
  model.collection as unknown as mongo.Collection<Stored>;
