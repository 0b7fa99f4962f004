# frozen_string_literal: true

require "ipaddr"
require "yaml"

# What virtual machines need to know of a topology: which there are, and on which networks each of them stands.
# `holdfast validate` is the judge of topologies; here only what would end up in the wrong machine is refused.
class Topology
  # A virtual machine. `links` are in the order of its adapters: the first is eth1. Only a server has a `port`.
  Machine = Struct.new(:name, :role, :links, :port, keyword_init: true)
  Link = Struct.new(:network, :address, :netmask, keyword_init: true)

  NAME = /\A[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\z/.freeze

  def self.read(path)
    raise ArgumentError, "#{path}: no such topology; set HOLDFAST_TOPOLOGY to one" unless File.file?(path)

    new(YAML.safe_load(File.read(path), filename: path), path)
  end

  def initialize(written, path)
    @written = written
    @path = path
    refuse("cluster, networks, nodes and services are needed") unless whole?
    @networks = written["networks"].to_h { |name, network| [name!(name), subnet(name, network["cidr"])] }
  end

  def cluster
    name!(@written["cluster"])
  end

  def machines
    all = nodes + servers + [switch]
    twice = all.group_by(&:name).find { |_, same| same.length > 1 }
    refuse("two machines are named #{twice.first}") if twice
    all
  end

  # What a switch is configured with, once.
  def controller
    "tcp:#{controller_ip}:#{Integer(listen["port"])}"
  end

  private

  def whole?
    @written.is_a?(Hash) && name!(@written["cluster"]) && @written["networks"].is_a?(Hash) &&
      @written["nodes"].is_a?(Array) && Array(@written["services"]).any?
  end

  def nodes
    @written["nodes"].map do |node|
      links = node["interfaces"].sort_by { |_, interface| adapter(node, interface) }
      devices = links.map { |_, interface| interface["device"] }
      wanted = (1..links.length).map { |number| "eth#{number}" }
      unless devices == wanted
        refuse("#{node["name"]} has #{devices.join(", ")}; virtual machines have #{wanted.join(", ")}")
      end
      Machine.new(name: name!(node["name"]), role: "nodes",
                  links: links.map { |network, interface| link(network, interface["address"]) })
    end
  end

  def adapter(node, interface)
    Integer(interface["device"].to_s[/\Aeth(\d+)\z/, 1] ||
      refuse("#{node["name"]}: virtual machines have no #{interface["device"].inspect}, but eth1, eth2, ..."))
  end

  # One machine an address. A name that two services use gets its service as prefix, as in the lab.
  def servers
    written = @written["services"].flat_map do |service|
      service["servers"].map { |server| server.merge("service" => name!(service["name"])) }
    end
    written.uniq { |server| server["address"] }.map do |server|
      address = server["address"]
      shared = written.any? { |other| other["name"] == server["name"] && other["address"] != address }
      Machine.new(name: [(server["service"] if shared), name!(server["name"])].compact.join("-"), role: "servers",
                  links: [link(network_of(address), address)], port: Integer(server["port"]))
    end
  end

  # On the controller IP's own network, at the highest address that nobody in the topology uses.
  def switch
    network = virtual_ip["network"]
    used = scalars(@written)
    broadcast = @networks.fetch(network).to_range.last.to_i
    free = (broadcast - 1).downto(0).lazy.map { |number| IPAddr.new(number, Socket::AF_INET).to_s }
    Machine.new(name: "switch-1", role: "switches", links: [link(network, free.find { |address| !used.include?(address) })])
  end

  def scalars(value)
    case value
    when Hash then value.values.flat_map { |inner| scalars(inner) }
    when Array then value.flat_map { |inner| scalars(inner) }
    else [value]
    end
  end

  def listen
    @written["services"].first["listen"]
  end

  def virtual_ip
    @written["virtual_ips"].find { |candidate| candidate["name"] == listen["virtual_ip"] } ||
      refuse("no virtual IP is named #{listen["virtual_ip"].inspect}")
  end

  def controller_ip
    ipv4(virtual_ip["address"])
  end

  def link(network, address)
    subnet = @networks.fetch(network) { refuse("no network is named #{network.inspect}") }
    Link.new(network: network, address: ipv4(address), netmask: subnet.netmask)
  end

  def network_of(address)
    @networks.find { |_, subnet| subnet.include?(IPAddr.new(ipv4(address))) }&.first ||
      refuse("server #{address} is on none of the networks; Vagrant builds no router")
  end

  def subnet(name, cidr)
    subnet = IPAddr.new(String(cidr))
    subnet.ipv4? ? subnet : refuse("network #{name}: Vagrant's machines speak IPv4 only")
  rescue IPAddr::Error
    refuse("network #{name}: #{cidr.inspect} is not one IPv4 network, and Vagrant's machines speak no other")
  end

  def ipv4(address)
    IPAddr.new(String(address)).tap { |parsed| raise IPAddr::Error unless parsed.ipv4? }.to_s
  rescue IPAddr::Error
    refuse("#{address.inspect} is not one IPv4 address, and Vagrant's machines speak no other")
  end

  def name!(name)
    NAME.match?(name.to_s) ? name.to_s : refuse("#{name.inspect} is no name: lower case, digits, '-'")
  end

  def refuse(reason)
    raise ArgumentError, "#{@path}: #{reason}"
  end
end
