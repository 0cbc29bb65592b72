import NIOCore

/// What the simulator sends back, and how badly.
struct SimulatedAnswer: Sendable {
    /// How the bytes go out.
    enum Delivery: Sendable {
        case whole
        /// Half of the body, then the connection is closed.
        case truncated
        /// Nothing, and the connection is closed.
        case closed
        /// Nothing, and the connection stays open.
        case stalled
        /// Slowly.
        case dripping(bytesPerSecond: Int)
    }

    var status: Int
    var body: ByteBuffer
    var contentType = "application/json"
    var headers: [(name: String, value: String)] = []
    var delivery = Delivery.whole
    var delayMilliseconds = 0
    /// The `Date` header's text; `nil` for none.
    var date: String? = ""

    init(status: Int = 200, body: ByteBuffer) {
        self.status = status
        self.body = body
    }

    init(status: Int, text: String) {
        self.init(status: status, body: ByteBuffer(string: text))
    }
}
