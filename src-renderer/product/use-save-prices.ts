import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { callAdmin } from '../api/client.ts';
import { priceOverridesQuery } from '../api/queries.ts';

/** The user's price list, written as a whole. */
export function useSavePrices() {
  const queries = useQueryClient();
  const list = useQuery(priceOverridesQuery);
  const save = useMutation({
    mutationFn: (items: unknown[]) => callAdmin('savePriceOverrides', { body: { items } }),
    onSuccess: (saved) => queries.setQueryData(priceOverridesQuery.queryKey, saved),
  });
  return { list, save };
}
