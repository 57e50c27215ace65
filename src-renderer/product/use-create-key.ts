import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallerKey } from '../../src-main/contract/entities.ts';
import { type CallInput, callAdmin } from '../api/client.ts';

export type NewCallerKey = CallInput<'createCallerKey'>['body'];

export interface CreatedCallerKey {
  key: CallerKey;
  /** Known this once; never stored by the window. */
  secret: string;
}

export function useCreateKey(): UseMutationResult<CreatedCallerKey, Error, NewCallerKey> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCallerKey) => callAdmin('createCallerKey', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['listCallerKeys'] }),
  });
}

/** Enough to tell keys apart, too little to use one. */
export function maskKey(secret: string): string {
  return `${secret.slice(0, 3)}····${secret.slice(-4)}`;
}
