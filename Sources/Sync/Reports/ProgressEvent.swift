/// What happens while a run works, for whoever shows it.
package enum ProgressEvent: Sendable {
    case streamStarted(source: String, stream: String, expectedPages: Int?)
    /// `pages` and `rows` count from the start of the stream.
    case page(source: String, stream: String, pages: Int, rows: Int, totalPages: Int?)
    case streamFinished(source: String, stream: String, rows: Int)
    case note(source: String, message: String)
}
