import Foundation

extension Simulator {
    /// Delivers webhooks of a Grow or LearnWorlds school, duplicates right behind their originals.
    ///
    /// - Returns: The receiver's status for each delivery, in order.
    /// - Throws: ``SimulatorError`` where the receiver is not on loopback or does not answer within five seconds.
    package func send(_ webhooks: WebhookRequest) async throws -> [Int] {
        guard let product = withSite({ (site: LearnWorldsSite) in site.platform.product }) else {
            throw SimulatorError("this platform sends no such webhooks")
        }
        return try await deliver(webhooks.batch(for: product))
    }
}

extension LearnWorldsSite {
    func webhooks(control body: [UInt8]) throws -> WebhookBatch {
        let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
        return try WebhookRequest(control: object).batch(for: platform.product)
    }
}

extension WebhookRequest {
    func batch(for product: LearnWorldsProduct) throws -> WebhookBatch {
        let deliveries = try zip(types, bodies()).flatMap { type, body in
            let delivery = WebhookDelivery(
                label: type,
                headers: [("Content-Type", "application/json"), (product.webhookHeader, proof(of: body))],
                body: body
            )
            return Array(repeating: delivery, count: 1 + max(duplicates, 0))
        }
        return WebhookBatch(url: url, deliveries: deliveries)
    }
}

extension LearnWorldsProduct {
    /// The header that proves a delivery's origin.
    var webhookHeader: String { self == .grow ? "Pl-Webhook-Signature" : "Learnworlds-Webhook-Signature" }
}
