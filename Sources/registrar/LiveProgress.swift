import Settings
import Sync

/// Progress on a terminal: a block of lines that is redrawn, and a line that stays for each finished stream.
struct LiveProgress: ProgressReporting {
    let board: LiveBoard
    let writer: ConsoleWriter

    func report(_ event: ProgressEvent) {
        let summary = board.apply(event)
        switch event {
        case .streamStarted:
            writer.wake()
        case .streamFinished:
            if let summary { writer.enqueue(LogSafe.text(ProgressText.finished(summary))) }
        case .note(let source, let message):
            writer.enqueue(LogSafe.text("\(source): \(message)"))
        case .page:
            break
        }
    }
}
