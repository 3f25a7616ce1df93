/** The value of a constant in a file: a product of numbers, powers, and other constants of that file. */
export function constantIn(source: string, name: string): number {
  const [, product = ''] = new RegExp(`\\bconst ${name}(?:: number)? = (.+)$`, 'm').exec(source) ?? []
  if (product === '') throw new Error(`There is no ${name}.`)
  return product.split(/ \* (?!\*)/).reduce((value, factor) => value * factorIn(source, factor), 1)
}

function factorIn(source: string, factor: string): number {
  const [base = '', exponent = '1'] = factor.split(' ** ')
  const number = /^[\d_]+$/.test(base) ? Number(base.replaceAll('_', '')) : constantIn(source, base)
  return number ** Number(exponent)
}
