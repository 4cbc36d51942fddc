/// Every check, the deepest first: a finding can follow only from one above it.
public enum Catalogue {
    public static let checks: [any Check] = [
        SiteFileCheck(),
        // The machine.
        SupplyVoltage(), PowerCuts(), USBPower(), ProcessorTemperature(), Throttling(), MemoryCheck(), CardWear(),
        DiskErrors(), WritableDisk(), DiskSpace(), WatchdogStart(), BootConfiguration(), PendingReboot(),
        // Who has power.
        RelayPower(),
        // The cameras' drive.
        DriveConnection(), DriveHealth(), DriveInPlace(),
        // Its network, from the plug outwards.
        LinkCheck(), UnitAddress(), AddressConflict(), Swapped(), NeighbourReach(), RouterReach(), CameraReach(),
        GatewayRoute(), PacketLoss(), FullPackets(), NameResolution(), OutsideReach(),
        // Time.
        ClockSet(), ClockSource(),
        // What runs.
        DatabaseIntegrity(), ServiceUnits(), ServiceRestarts(), UnitAnswers(), VersionSkew(), UnitStores(),
        SNMPAgentRuns(), ClientPorts(),
        // What is wired.
        I2CBusCheck(), OneWireBusCheck(), SensorDriverHeld(), SensorChipCheck(), SensorPresent(), SensorAnswers(),
        SensorLooseContact(), SensorPlausible(), SensorStuck(), SensorNoise(), UnexpectedDevice(),
        // What is switched.
        RelayOwnerAnswers(), RelayOwnerVersion(), RelaySite(), RelayCard(), RelayZone(), RelayLines(), RelayChatter(),
        RelayWatchdogs(),
        // What is told.
        LogServer(), LogSpoolCheck(), RouterLogging(), CameraLogging(),
        // Who it is, and what it keeps.
        IdentityCertificate(), IdentityClone(), FileModes(), DatabaseSize(), WriteRate(),
        UplinkBroker(),
        // Who may come in.
        FirewallCheck(), OpenPorts(), SecurityUpdates(),
        // What others have added.
        AddedChecks(),
    ]
}
