// The package has declarations that its `exports` does not name. These are the parts that are used here.
declare module 'better-sqlite3-multiple-ciphers' {
  interface Statement {
    run(...parameters: unknown[]): { changes: number }
    all(...parameters: unknown[]): unknown[]
  }
  interface Database {
    prepare(source: string): Statement
    close(): this
  }
  const Database: new (filename: string) => Database
  export default Database
}
