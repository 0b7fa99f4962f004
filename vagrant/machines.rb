# frozen_string_literal: true

require_relative "routers"
require_relative "topology"

# Which virtual machines a topology needs, and on which networks each of them stands.
class Machines
  # `links` are in the order of its adapters: the first is eth1. `routes` are pairs of destination and next hop. Only
  # what runs an OpenFlow controller has a `port`.
  Machine = Struct.new(:name, :role, :links, :routes, :port, keyword_init: true)
  Link = Struct.new(:network, :address, :netmask, keyword_init: true)

  def initialize(topology)
    @topology = topology
    @routers = Routers.of(topology, node_addresses + (topology.servers + topology.lab_hosts).map { |each| each["address"] })
    behind = @routers.flat_map(&:behind)
    @segments = topology.networks.merge(behind.to_h { |subnet| ["#{subnet}-#{subnet.prefix}", subnet] })
  end

  def all
    machines = nodes + servers + hosts + routers + switches
    twice = machines.group_by(&:name).find { |_, same| same.length > 1 }
    @topology.refuse("two machines are named #{twice.first}") if twice
    machines
  end

  # What a switch is configured with, once: the captured address where it stands behind a router that leads there.
  def controller
    address, port = behind_router ? [captured["address"], captured["port"]] : [own_virtual_ip["address"], openflow["listen"]["port"]]
    "tcp:#{@topology.ipv4(address)}:#{Integer(port)}"
  end

  private

  def nodes
    @topology.nodes.map do |node|
      links = node["interfaces"].sort_by { |_, interface| adapter(node, interface) }
      devices = links.map { |_, interface| interface["device"] }
      wanted = (1..links.length).map { |number| "eth#{number}" }
      unless devices == wanted
        @topology.refuse("#{node["name"]} has #{devices.join(", ")}; virtual machines have #{wanted.join(", ")}")
      end
      # Its routes are holdfast's own work.
      machine(node["name"], "nodes", links.map { |network, interface| link(network, interface["address"]) }, [])
    end
  end

  def adapter(node, interface)
    Integer(interface["device"].to_s[/\Aeth(\d+)\z/, 1] ||
      @topology.refuse("#{node["name"]}: virtual machines have no #{interface["device"].inspect}, but eth1, eth2, ..."))
  end

  # One machine an address. A name that two services use gets its service as prefix, as in the lab.
  def servers
    written = @topology.servers
    pool = written.uniq { |server| server["address"] }.map do |server|
      shared = written.any? { |other| other["name"] == server["name"] && other["address"] != server["address"] }
      controller_machine([(server["service"] if shared), server["name"]].compact.join("-"), server["address"], server["port"])
    end
    pool + masters.map { |master| controller_machine(master["name"], master["address"], master["port"]) }
  end

  # The master controller: whom a service mirrors to, or the lab's host of that name.
  def masters
    lab = @topology.lab_hosts.select { |host| host["name"] == "master" && openflow }
    written = @topology.mirrors + lab.map { |host| host.merge("port" => openflow["listen"]["port"]) }
    written.reject { |each| server_addresses.include?(each["address"]) }.uniq { |each| each["address"] }
  end

  def controller_machine(name, address, port)
    placed(name, "servers", address).tap { |server| server.port = Integer(port) }
  end

  def hosts
    taken = server_addresses + masters.map { |master| master["address"] }
    @topology.lab_hosts.reject { |host| taken.include?(host["address"]) }.map { |host| placed(host["name"], "hosts", host["address"]) }
  end

  def server_addresses
    @topology.servers.map { |server| server["address"] }
  end

  def node_addresses
    @topology.nodes.flat_map { |node| node["interfaces"].values.map { |interface| interface["address"] } }
  end

  def routers
    @routers.each_with_index.map do |router, index|
      links = [link(router.network, router.address)] + router.behind.map { |subnet| link(segment_of(subnet), Routers.first_host(subnet)) }
      machine(index.zero? ? "router" : "router-#{index + 1}", "routers", links, through_pair(router.network))
    end
  end

  # The networks of virtual IPs and of captured addresses, as seen from one network.
  def through_pair(network)
    way = @topology.virtual_ip_on(network)
    return [] if way.nil?

    addresses = @topology.virtual_ips.map { |each| each["address"] } + @topology.captured.map { |each| each["address"] }
    elsewhere = addresses.map { |address| network_with(address) }.compact.uniq - [network]
    elsewhere.map { |name| [prefix(@segments[name]), way] }
  end

  # One, at the highest address that nobody in the topology uses.
  def switches
    return [] if openflow.nil?

    name = behind_router ? segment_of(behind_router.behind.first) : own_virtual_ip["network"]
    [placed("switch-1", "switches", free(name))]
  end

  def free(segment)
    used = @topology.scalars
    last = @segments.fetch(segment).to_range.last.to_i
    (last - 1).downto(0).lazy.map { |number| IPAddr.new(number, Socket::AF_INET).to_s }.find { |address| !used.include?(address) }
  end

  def openflow
    @topology.openflow
  end

  def own_virtual_ip
    @topology.virtual_ip(openflow["listen"]["virtual_ip"])
  end

  def captured
    @topology.captured.find { |rule| rule["service"] == openflow["name"] }
  end

  def behind_router
    inbound = captured && captured["inbound"]
    @routers.find { |router| router.network == inbound && router.behind.any? }
  end

  # Where the topology says, with the ways to everything that is not next to it.
  def placed(name, role, address)
    segment = network_with(address) || @topology.refuse("#{name} at #{address} is on none of the networks, nor behind a router")
    machine(name, role, [link(segment, address)], ways_from(segment))
  end

  # Its default route is the provider's: through the pair or its router it reaches what it has to, and no more.
  def ways_from(segment)
    router = @routers.find { |each| each.behind.any? { |subnet| segment_of(subnet) == segment } }
    way = router ? Routers.first_host(@segments[segment]) : @topology.virtual_ip_on(segment)
    return [] if way.nil?

    (@segments.keys - [segment]).map { |other| [prefix(@segments[other]), way] }
  end

  def network_with(address)
    @segments.find { |_, subnet| subnet.include?(IPAddr.new(@topology.ipv4(address))) }&.first
  end

  def segment_of(subnet)
    @segments.key(subnet)
  end

  def prefix(subnet)
    "#{subnet}/#{subnet.prefix}"
  end

  def link(segment, address)
    subnet = @segments.fetch(segment) { @topology.refuse("no network is named #{segment.inspect}") }
    Link.new(network: segment, address: @topology.ipv4(address), netmask: subnet.netmask)
  end

  def machine(name, role, links, routes)
    Machine.new(name: @topology.name!(name), role: role, links: links, routes: routes)
  end
end
