extension SiteCheck {
    mutating func checkNetwork() {
        checkTimeZone()
        let network = site.network
        if let unit = network.unit { checkUnit(unit) }
        checkCameras()
        for (index, witness) in network.witnesses.enumerated() {
            let place = witnessPath(index)
            guard let address = IPAddress(witness) else { continue }
            if address == network.router?.address {
                note(
                    .error, place, "the witness is the router",
                    "name a host beyond the router, whose answer proves that the site is connected")
            } else if network.cameras.contains(where: { $0.address == address }) {
                note(.error, place, "the witness is a camera of the site", "name a host beyond the router")
            } else if let unit = network.unit, unit.contains(address) {
                note(
                    .warning, place, "the witness \(witness) is in the site's own network",
                    "its answer does not prove that the site is connected")
            }
        }
        if Set(network.witnesses).count != network.witnesses.count {
            error(
                .key("network"), .key("witness"), message: "a witness is named twice",
                hint: "two witnesses are two hosts")
        }
    }

    /// `network.witness`, or an entry of it when it is a list.
    private func witnessPath(_ index: Int) -> [PathPart] { oneOrMorePath("witness", index) }

    private func oneOrMorePath(_ key: String, _ index: Int) -> [PathPart] {
        let isList = root["network"]?[key]?.elements.isEmpty == false
        return path([.key("network"), .key(key)] + (isList ? [.index(index)] : []))
    }

    private mutating func checkTimeZone() {
        if TimeZoneNames.check(site.site.timezone) == .unknown {
            warning(
                .key("site"), .key("timezone"),
                message: "'\(site.site.timezone)' is not a time zone this version knows",
                hint: "check it with 'timedatectl list-timezones'")
        }
        if (site.site.latitude == nil) != (site.site.longitude == nil) {
            let missing = site.site.latitude == nil ? "latitude" : "longitude"
            error(.key("site"), message: "'\(missing)' is missing", hint: "latitude and longitude are given together")
        }
    }

    private mutating func checkUnit(_ unit: IPNetwork) {
        let place: [PathPart] = [.key("network"), .key("unit")]
        if unit.address.isLoopback || unit.address.isUnspecified {
            note(.error, place, "\(unit.address) is not an address in a network", nil)
        } else if unit.address.isIPv4, unit.prefixLength < 31, [unit.first, unit.last].contains(unit.address) {
            let kind = unit.address == unit.first ? "the network itself" : "its broadcast address"
            note(.error, place, "\(unit) is \(kind), not an address in it", "use another address of it")
        }
        guard let router = site.network.router else { return }
        let routerPlace: [PathPart] = [.key("network"), .key("router"), .key("address")]
        if router.address == unit.address {
            note(.error, routerPlace, "the router has the unit's address \(unit.address)", "two devices, two addresses")
        } else if router.address.isIPv4 == unit.address.isIPv4, !unit.contains(router.address) {
            note(
                .error, place, "the unit at \(unit) cannot reach the router at \(router.address)",
                "both must be in one network")
        }
    }

    private mutating func checkCameras() {
        var seen: [IPAddress: Int] = [:]
        var ids: Set<String> = []
        for (index, camera) in site.network.cameras.enumerated() {
            let entry = oneOrMorePath("camera", index)
            let place = entry + [.key("address")]
            if !ids.insert(camera.id).inserted {
                note(.error, entry + [.key("id")], "the id '\(camera.id)' is used twice", "give each camera an id")
            }
            if camera.address == site.network.router?.address {
                note(
                    .error, place, "the camera has the router's address \(camera.address)", "two devices, two addresses"
                )
            } else if camera.address == site.network.unit?.address {
                note(.error, place, "the camera has the unit's address \(camera.address)", "two devices, two addresses")
            } else if let other = seen[camera.address] {
                note(
                    .error, place, "two cameras have the address \(camera.address)",
                    "the other is '\(site.network.cameras[other].id)'")
            } else if let unit = site.network.unit, unit.address.isIPv4 == camera.address.isIPv4,
                !unit.contains(camera.address)
            {
                note(
                    .warning, place, "the camera at \(camera.address) is not in the unit's network \(unit)",
                    "it reaches the unit's share only through the router")
            }
            seen[camera.address] = index
        }
    }
}
