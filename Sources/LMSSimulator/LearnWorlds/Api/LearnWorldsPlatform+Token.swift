import Foundation

extension LearnWorldsPlatform {
    private struct Credentials {
        var clientID: String?
        var secret: String?
        var grant: String?

        init(json: [String: Any]) {
            clientID = json["client_id"] as? String
            secret = json["client_secret"] as? String
            grant = json["grant_type"] as? String
        }
    }

    /// `POST /oauth2/access_token`, with the three kinds of body that clients send.
    func token(
        _ request: SimulatedRequest,
        _ path: ArraySlice<String>,
        _ world: inout LearnWorldsSite
    ) -> SimulatedAnswer {
        let expected =
            world.faults.tokenPathUnderV2
            ? [["v2", "oauth2", "access_token"]] : [["oauth2", "access_token"], ["v2", "oauth2", "access_token"]]
        guard request.method == "POST", expected.contains(Array(path)) else {
            return error(404, "not_found", "Not found", world)
        }
        if world.faults.tokenErrorCalls > 0 {
            world.faults.tokenErrorCalls -= 1
            return error(500, "server_error", "Internal error", world)
        }
        if let refusal = clientRefusal(request, world) { return refusal }
        guard let credentials = credentials(request, world.faults.tokenBodies) else {
            return error(400, "invalid_request", "The request is missing a required parameter.", world)
        }
        guard !world.faults.refuseSecret, credentials.clientID == world.tokens.clientID,
            credentials.secret == world.tokens.clientSecret, credentials.grant == "client_credentials"
        else { return accessDenied(world) }
        let life = world.faults.tokenLife > 0 ? world.faults.tokenLife : product.tokenLife
        let minted = world.tokens.mint(life: life, at: world.now, reusing: world.faults.sameToken)
        return SimulatedAnswer(
            status: 200,
            text: "{\"tokenData\":{\"access_token\":\"\(minted.token)\",\"token_type\":\"Bearer\","
                + "\"expires_in\":\(minted.life)},\"errors\":[],\"success\":true}"
        )
    }

    private func credentials(_ request: SimulatedRequest, _ accepted: [String]) -> Credentials? {
        let type = request.header("Content-Type") ?? ""
        let text = String(decoding: request.body, as: UTF8.self)
        if type.hasPrefix("application/json") {
            return accepted.contains("json") ? object(text).map(Credentials.init(json:)) : nil
        }
        if type.hasPrefix("multipart/form-data") {
            guard accepted.contains("data"), let start = text.range(of: "name=\"data\"\r\n\r\n")?.upperBound,
                let end = text.range(of: "\r\n--", range: start..<text.endIndex)?.lowerBound
            else { return nil }
            return object(String(text[start..<end])).map(Credentials.init(json:))
        }
        let pairs = SimulatedRequest.pairs(text)
        if let data = pairs.first(where: { $0.name == "data" })?.value {
            return accepted.contains("data") ? object(data).map(Credentials.init(json:)) : nil
        }
        guard accepted.contains("form"), !pairs.isEmpty else { return nil }
        return Credentials(json: Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }

    private func object(_ text: String) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
    }
}
