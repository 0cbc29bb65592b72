import Foundation

/// Writes lines to standard error on a thread of its own, so that a slow terminal or full disk never holds up a run.
///
/// The queue is bounded; what does not fit is dropped and counted.
final class ConsoleWriter: @unchecked Sendable {
    /// Guards every variable below.
    private let condition = NSCondition()
    private var pending: [String] = []
    private var pendingBytes = 0
    private var dropped = 0
    private var isBusy = false
    private var isFlushing = false
    private var isClosing = false
    private var isDone = false

    private let board: LiveBoard?
    private let descriptor: Int32
    private static let largestQueue = 4 << 20

    /// Makes a writer whose `board` is the live block below the lines; `nil` where standard error is no terminal.
    init(board: LiveBoard?, descriptor: Int32 = STDERR_FILENO) {
        self.board = board
        self.descriptor = descriptor
    }

    func start() {
        let thread = Thread { self.run() }
        thread.stackSize = 1 << 19
        thread.start()
    }

    /// Adds a line; never waits for the output.
    func enqueue(_ line: String) {
        condition.withLock {
            guard !isClosing, pendingBytes + line.utf8.count <= Self.largestQueue else {
                dropped += 1
                return
            }
            pending.append(line)
            pendingBytes += line.utf8.count + 1
            condition.signal()
        }
    }

    /// Lets the thread look at the live block.
    func wake() {
        condition.withLock { condition.signal() }
    }

    /// Waits until what is queued is written and the live block shows what is left of it; at most two seconds.
    ///
    /// For whoever writes to standard output next, which may be the same terminal.
    func flush() {
        let deadline = Date().addingTimeInterval(2)
        condition.lock()
        defer { condition.unlock() }
        isFlushing = true
        condition.broadcast()
        while isFlushing || isBusy, !isDone, condition.wait(until: deadline) {}
    }

    /// Writes what is queued, then ends the thread; gives up after two seconds.
    func close() {
        let deadline = Date().addingTimeInterval(2)
        condition.lock()
        defer { condition.unlock() }
        isClosing = true
        condition.broadcast()
        while !isDone, condition.wait(until: deadline) {}
    }

    private func run() {
        var screen = LiveScreen(descriptor: descriptor)
        while let (lines, dropped, isLast) = next() {
            let text = lines.map { $0 + "\n" }.joined()
            let lost = dropped > 0 ? "registrar: \(dropped) log lines were dropped, since nobody took them\n" : ""
            if let board {
                screen.show(
                    lines: text + lost,
                    block: isLast ? [] : board.lines(width: LiveScreen.width(of: descriptor))
                )
            } else if !text.isEmpty || !lost.isEmpty {
                FileWriting.write(text + lost, to: descriptor)
            }
            finishRound()
            guard !isLast else { break }
            if board != nil { waitForNextPicture() }
        }
        condition.withLock {
            isDone = true
            condition.broadcast()
        }
    }

    private func next() -> (lines: [String], dropped: Int, isLast: Bool)? {
        condition.lock()
        defer { condition.unlock() }
        while pending.isEmpty, !isClosing, !isFlushing {
            if let board, board.isActive { break }
            condition.wait()
        }
        defer {
            pending = []
            pendingBytes = 0
            dropped = 0
            isFlushing = false
            isBusy = true
        }
        return (pending, dropped, isClosing)
    }

    private func finishRound() {
        condition.withLock {
            isBusy = false
            condition.broadcast()
        }
    }

    /// Keeps the pictures at ten a second; what comes meanwhile is written together.
    private func waitForNextPicture() {
        let next = Date().addingTimeInterval(0.1)
        condition.lock()
        defer { condition.unlock() }
        while !isClosing, !isFlushing, condition.wait(until: next) {}
    }
}
