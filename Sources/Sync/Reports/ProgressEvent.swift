/// What happens while a source is read, for whoever shows it.
package enum ProgressEvent: Sendable {
    /// Work on a source begins: a run in its mode, `plan` or `doctor`.
    ///
    /// `planned` are the calls that a plan made before has named; `nil` where none was made.
    case workStarted(source: String, work: String, planned: Int?)
    /// One call for data was sent; repeated ones count again.
    case request(source: String)
    /// The run will make so many calls at least, those already made included.
    case expected(source: String, requests: Int)
    case streamStarted(source: String, stream: String)
    /// How many lists of the stream were read to their end, of those known so far.
    case lists(source: String, stream: String, done: Int, known: Int)
    /// A page was read: `rows` count from the start of the stream, `page` and `total` in the list it belongs to.
    case page(source: String, stream: String, rows: Int, page: Int, total: Int?)
    /// Nothing of the stream is left to read.
    case streamFinished(source: String, stream: String, rows: Int)
    case workFinished(source: String)
    case note(source: String, message: String)
}
