# frozen_string_literal: true

require "ipaddr"
require "yaml"

# A topology as virtual machines read it. `holdfast validate` is the judge of topologies; here only what would end up in
# the wrong machine is refused.
class Topology
  NAME = /\A[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\z/.freeze

  attr_reader :networks

  def self.read(path)
    raise ArgumentError, "#{path}: no such topology; set HOLDFAST_TOPOLOGY to one" unless File.file?(path)

    new(YAML.safe_load(File.read(path), filename: path), path)
  end

  def initialize(written, path)
    @written = written
    @path = path
    refuse("cluster, networks, nodes and services are needed") unless whole?
    @networks = written["networks"].to_h { |name, network| [name!(name), subnet("network #{name}", network["cidr"])] }
  end

  def cluster
    name!(@written["cluster"])
  end

  def nodes
    @written["nodes"]
  end

  # Each with the name of its service.
  def servers
    services.flat_map { |service| service["servers"].map { |server| server.merge("service" => name!(service["name"])) } }
  end

  def lab_hosts
    (@written["lab"] || {})["hosts"] || []
  end

  # Whom a service mirrors to.
  def mirrors
    services.map { |service| (service["mirror"] || {})["to"] }.compact
  end

  # Destination and next hop of each static route of the nodes.
  def routes
    (@written["routes"] || []).map do |route|
      [subnet("route #{route["destination"]}", route["destination"]), ipv4(route["via"])]
    end
  end

  def captured
    (@written["nat"] || {})["destination"] || []
  end

  # The service that switches are configured with; none where nothing would answer them.
  def openflow
    services.find { |service| (service["health_check"] || {})["type"] == "openflow" }
  end

  # The first virtual IP on a network, the way through the pair; nil where there is none.
  def virtual_ip_on(network)
    found = virtual_ips.find { |candidate| candidate["network"] == network }
    found && ipv4(found["address"])
  end

  def virtual_ips
    @written["virtual_ips"]
  end

  def virtual_ip(name)
    virtual_ips.find { |candidate| candidate["name"] == name } || refuse("no virtual IP is named #{name.inspect}")
  end

  # Everything that is written as a value: an address that is not among it is free.
  def scalars(value = @written)
    case value
    when Hash then value.values.flat_map { |inner| scalars(inner) }
    when Array then value.flat_map { |inner| scalars(inner) }
    else [value]
    end
  end

  def subnet(what, cidr)
    subnet = IPAddr.new(String(cidr))
    subnet.ipv4? ? subnet : refuse("#{what}: Vagrant's machines speak IPv4 only")
  rescue IPAddr::Error
    refuse("#{what}: #{cidr.inspect} is not one IPv4 network, and Vagrant's machines speak no other")
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

  private

  def services
    @written["services"]
  end

  def whole?
    @written.is_a?(Hash) && name!(@written["cluster"]) && @written["networks"].is_a?(Hash) &&
      @written["nodes"].is_a?(Array) && @written["virtual_ips"].is_a?(Array) && Array(@written["services"]).any?
  end
end
