/// One webhook that is to be delivered: a POST of these bytes.
struct WebhookDelivery: Sendable {
    /// What it tells, for reports.
    var label: String
    var headers: [(name: String, value: String)]
    var body: [UInt8]
}

/// Webhooks that go to one receiver, one after the other, and what happens when it does not take them.
struct WebhookBatch: Sendable {
    /// The receiver; loopback only.
    var url: String
    var deliveries: [WebhookDelivery]
    /// How long the receiver may take to answer.
    var answerSeconds: Int64 = 5
    /// Seconds to wait before each repeat of a delivery that was not taken with a 2xx; none means one attempt.
    var waits: [Double] = []
    /// Whether waits are counted on the school's clock; else a repeat follows at once.
    var followsSchoolClock = false
}

/// What has become of a delivery.
package struct WebhookReport: Codable, Sendable, Equatable {
    /// Counts all deliveries of a simulator, from 1.
    package var number: Int
    /// What it tells.
    package var label: String
    /// The receiver's status for each attempt so far; 0 where no answer came.
    package var statuses: [Int] = []
    /// Why the last attempt brought no answer.
    package var failure: String?
    /// Whether it was taken or given up.
    package var isDone = false

    init(number: Int, label: String) {
        (self.number, self.label) = (number, label)
    }
}
