import type { ErrorCode } from '../../src-main/contract/error-codes.ts';
import { AdminError } from '../api/client.ts';

const testFailed: ErrorCode = 'provider_test_failed';

/** The provider did not accept the key or did not answer; it can be saved untested. */
export function canSkipTest(error: Error | null): boolean {
  return error instanceof AdminError && error.code === testFailed;
}
