// The package has declarations that its `exports` does not name. These are the parts that are used here.
declare module 'better-sqlite3-multiple-ciphers' {
  namespace Database {
    interface Statement<Parameters extends unknown[] = unknown[], Row = unknown> {
      run(...parameters: Parameters): { changes: number }
      get(...parameters: Parameters): Row | undefined
      all(...parameters: Parameters): Row[]
    }

    interface Transaction<T> {
      immediate(): T
      exclusive(): T
    }

    interface Database {
      prepare<Parameters extends unknown[] = unknown[], Row = unknown>(source: string): Statement<Parameters, Row>
      transaction<T>(run: () => T): Transaction<T>
      exec(source: string): this
      pragma(source: string, options?: { simple?: boolean }): unknown
      close(): this
    }
  }

  const Database: new (filename: string, options?: { timeout?: number }) => Database.Database
  export default Database
}
