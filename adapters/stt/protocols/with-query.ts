type Value = string | number | boolean | undefined;

/**
 * An address with query parameters: `required` ones always, `defaults` only where the address does
 * not say otherwise, so that whoever configures the address can choose any option of the service.
 */
export const withQuery = (
  address: string,
  required: Readonly<Record<string, Value>>,
  defaults: Readonly<Record<string, Value>> = {},
): string => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(defaults)) {
    if (value !== undefined && !url.searchParams.has(name)) {
      url.searchParams.set(name, String(value));
    }
  }
  for (const [name, value] of Object.entries(required)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
};
