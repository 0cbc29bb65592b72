import Foundation

extension BlackboardSite {
    /// `POST /v1/oauth2/token`: key and secret by Basic authorization, the grant as a form body.
    ///
    /// One token for each application and site: asking again returns the same one with what is left of its life.
    mutating func token(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard request.method == "POST" else { return error(405, "Method not allowed") }
        if faults.portalDown { return error(503, "The developer portal is in maintenance") }
        if WireFaults.take(&faults.own.tokenErrorCalls) { return error(500, "Internal error") }
        let form = SimulatedRequest.pairs(String(decoding: request.body, as: UTF8.self))
        let isForm = request.header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") ?? false
        guard isForm, form.contains(where: { $0.name == "grant_type" && $0.value == "client_credentials" }) else {
            return oauthError(400, "invalid_request", "The grant_type parameter is missing or not supported")
        }
        guard !faults.refuseSecret, let pair = basicCredentials(request), pair == (tokens.clientID, tokens.clientSecret)
        else {
            return oauthError(401, "invalid_client", "Invalid client credentials or no access granted to this site")
        }
        let minted = tokens.mint(life: faults.tokenLife, at: now, reusing: !faults.freshTokens)
        return SimulatedAnswer(
            status: 200,
            text: "{\"access_token\":\"\(minted.token)\",\"token_type\":\"bearer\",\"expires_in\":\(minted.life)}"
        )
    }

    private func basicCredentials(_ request: SimulatedRequest) -> (String, String)? {
        guard let header = request.header("Authorization"), header.hasPrefix("Basic "),
            let data = Data(base64Encoded: String(header.dropFirst(6)))
        else { return nil }
        let sides = String(decoding: data, as: UTF8.self).split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
    }

    private func oauthError(_ status: Int, _ code: String, _ description: String) -> SimulatedAnswer {
        SimulatedAnswer(status: status, text: "{\"error\":\"\(code)\",\"error_description\":\"\(description)\"}")
    }
}
