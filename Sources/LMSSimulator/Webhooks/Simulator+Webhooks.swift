import Synchronization

extension Simulator {
    /// What has become of every delivery so far, in the order in which they were asked for.
    package var webhookReports: [WebhookReport] { webhookLog.withLock { $0 } }

    /// The webhooks that a control request asks this platform for.
    func webhooks(control body: [UInt8]) throws -> WebhookBatch {
        try withAnySite { try $0.webhooks(control: body) }
    }

    /// Enters deliveries as pending; returns their numbers.
    func enter(_ batch: WebhookBatch) throws -> [Int] {
        _ = try WebhookReceiver(batch.url)
        return webhookLog.withLock { log in
            batch.deliveries.map { delivery in
                log.append(WebhookReport(number: log.count + 1, label: delivery.label))
                return log.count
            }
        }
    }

    /// Delivers what was entered under these numbers, one after the other; the reports tell how it went.
    func deliver(_ batch: WebhookBatch, numbers: [Int]) async {
        for (delivery, number) in zip(batch.deliveries, numbers) {
            do {
                try await attempt(delivery, of: batch, number: number)
            } catch {
                report(number) { $0.failure = "\(error)" }
            }
            report(number) { $0.isDone = true }
        }
    }

    /// Delivers and waits for the end.
    ///
    /// - Returns: The receiver's status for each attempt, in order.
    /// - Throws: ``SimulatorError`` where the receiver is not on loopback or a delivery's last attempt got no answer.
    func deliver(_ batch: WebhookBatch) async throws -> [Int] {
        let numbers = try enter(batch)
        await deliver(batch, numbers: numbers)
        let reports = webhookReports.filter { numbers.contains($0.number) }
        if let failure = reports.compactMap(\.failure).first { throw SimulatorError(failure) }
        return reports.flatMap(\.statuses)
    }

    private func attempt(_ delivery: WebhookDelivery, of batch: WebhookBatch, number: Int) async throws {
        let receiver = try WebhookReceiver(batch.url)
        for wait in [0] + batch.waits {
            if batch.followsSchoolClock { try await sleep(untilSchoolSeconds: now.seconds + wait) }
            do {
                let status = try await receiver.status(of: delivery, within: batch.answerSeconds)
                report(number) { ($0.statuses, $0.failure) = ($0.statuses + [status], nil) }
                if (200..<300).contains(status) { return }
            } catch {
                report(number) { ($0.statuses, $0.failure) = ($0.statuses + [0], "\(error)") }
            }
        }
    }

    /// Waits until the school's clock has come so far; whoever moves it decides how long that takes.
    private func sleep(untilSchoolSeconds due: Double) async throws {
        while now.seconds < due {
            guard isListening else { throw SimulatorError("the simulator was stopped before the repeat was due") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func report(_ number: Int, _ change: (inout WebhookReport) -> Void) {
        webhookLog.withLock { change(&$0[number - 1]) }
    }
}
