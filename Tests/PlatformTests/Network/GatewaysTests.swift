import Platform
import TestSupport
import Testing

@Suite("Routers of the machine")
struct GatewaysTests {
    private static let version4 = """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
        eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
        eth0\t0000000A\t0901A8C0\t0003\t0\t0\t0\t000000FF\t0\t0\t0
        eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0

        """
    private static let version6 = """
        fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
        00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0

        """

    @Test("every one, not only that of the default route; neither what is reached without one")
    func all() {
        let folder = TemporaryDirectory()
        folder.write(Self.version4, to: "route")
        folder.write(Self.version6, to: "ipv6_route")
        #expect(Gateways.all(isVersion6: false, below: folder.path) == [[192, 0, 2, 1], [192, 168, 1, 9]])
        let router: [UInt8] = [0xFD] + [UInt8](repeating: 0, count: 14) + [1]
        #expect(Gateways.all(isVersion6: true, below: folder.path) == [router])
    }

    @Test("what cannot be read is not none")
    func unknown() {
        let folder = TemporaryDirectory()
        #expect(Gateways.all(isVersion6: false, below: folder.path) == nil)
        folder.write("", to: "route")
        #expect(Gateways.all(isVersion6: false, below: folder.path) == [])
        folder.write("eth0 x y z\neth0\n\u{0}", to: "ipv6_route")
        #expect(Gateways.all(isVersion6: true, below: folder.path) == [])
    }
}
