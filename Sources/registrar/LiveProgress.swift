import Settings
import Sync

/// Progress on a terminal: a block of lines that is redrawn, and a line that stays for each finished stream.
struct LiveProgress: ProgressReporting {
    let board: LiveBoard
    let writer: ConsoleWriter

    func report(_ event: ProgressEvent) {
        let finished = board.apply(event)
        switch event {
        case .workStarted, .workFinished:
            writer.wake()
        case .streamFinished:
            if let finished { writer.enqueue(LogSafe.text(ProgressText.finished(finished))) }
        case .note(let source, let message):
            writer.enqueue(LogSafe.text("\(source): \(message)"))
        case .request, .expected, .streamStarted, .lists, .page:
            break
        }
    }
}
