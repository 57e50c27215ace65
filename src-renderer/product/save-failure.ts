import { AdminError } from '../api/client.ts';

export interface SaveFailure {
  message: string;
  /** The provider did not accept the key or did not answer; it can be saved untested. */
  canSkipTest: boolean;
}

const testFailed = /^Not saved, because the live test failed: /;

/** Why a provider was not saved. What only the command line can do is left out of the sentence. */
export function readSaveFailure(error: Error): SaveFailure {
  const canSkipTest = error instanceof AdminError && error.param === 'key' && testFailed.test(error.message);
  if (!canSkipTest) return { message: error.message, canSkipTest };
  const message = error.message.replace(testFailed, '').replace(/ To save it all the same, .*$/, '');
  return { message: `Not saved. The test failed: ${message}`, canSkipTest };
}
