import { Connection } from '@temporalio/client';
import { existsSync } from 'node:fs';
import { createConnection } from 'mongoose';
import { temporalAddress, temporalNamespace, testMongoUri, timeSkippingServerPath } from './support/services';

describe('the servers of a test run', () => {
  test('Temporal answers in the namespace with the search attributes registered', async () => {
    const connection = await Connection.connect({ address: temporalAddress() });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: temporalNamespace,
    });
    await connection.close();
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining(['CaseStage', 'SlaDueAt', 'SlaBreached']),
    );
  });

  test('each test gets a separate MongoDB database', async () => {
    const first = await createConnection(testMongoUri('services')).asPromise();
    const second = await createConnection(testMongoUri('services')).asPromise();
    await first.collection<{ _id: string }>('papers').insertOne({ _id: 'one' });
    expect(await second.collection('papers').countDocuments()).toBe(0);
    expect(await first.collection('papers').countDocuments()).toBe(1);
    await Promise.all([first.close(), second.close()]);
  });

  test('the time-skipping server is available', () => {
    expect(existsSync(timeSkippingServerPath())).toBe(true);
  });
});
