import { isDuplicateKey } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { TokenRecord, type TokenSecret } from './token.schema';

/** Tokens, by hash and by name. */
@Injectable()
export class TokenStore {
  constructor(@InjectModel(TokenRecord.name) private readonly records: Model<TokenRecord>) {}

  all(): Promise<TokenRecord[]> {
    return this.records.find({}).sort({ name: 1 }).lean<TokenRecord[]>().exec();
  }

  find(name: string): Promise<TokenRecord | null> {
    return this.records
      .findOne({ name: { $eq: name } })
      .lean<TokenRecord | null>()
      .exec();
  }

  withHash(hash: string): Promise<TokenRecord | null> {
    return this.records
      .findOne({ 'secrets.hash': { $eq: hash } })
      .lean<TokenRecord | null>()
      .exec();
  }

  /** @returns those of the ids that there is a token of */
  async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.records
      .find({ _id: { $in: ids } }, { _id: 1 })
      .lean<Pick<TokenRecord, '_id'>[]>()
      .exec();
    return new Set(found.map(({ _id }) => _id));
  }

  /** @returns false when there is one of this name */
  async add(record: TokenRecord): Promise<boolean> {
    try {
      await this.records.create(record);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** @returns false when it has other secrets by now */
  async replaceSecrets({ _id, secrets }: TokenRecord, next: readonly TokenSecret[]): Promise<boolean> {
    const unchanged = { _id: { $eq: _id }, 'secrets.0.hash': { $eq: secrets[0]?.hash ?? '' } };
    const { matchedCount } = await this.records.updateOne(unchanged, { $set: { secrets: next } });
    return matchedCount === 1;
  }

  async noteUse(id: string, at: Date): Promise<void> {
    await this.records.updateOne({ _id: { $eq: id } }, { $set: { lastUsedAt: at } });
  }

  /** @returns false when it is gone */
  async remove(id: string): Promise<boolean> {
    return (await this.records.deleteOne({ _id: { $eq: id } })).deletedCount === 1;
  }
}
