using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>The tables endpoints, pods and ingresses.</summary>
internal static class WorkloadTables
{
    public static void AddEndpoints(Moment moment, RowCollector endpoints)
    {
        var services = moment.Services.ToLookup(s => Moment.ServiceName(s.Entity), StringComparer.Ordinal);
        var pods = moment.Pods.ToLookup(p => p.Entity.Id, StringComparer.Ordinal);
        foreach (var slice in moment.Slices.Where(s => s.Entity.ServiceName is not null))
        {
            var name = $"{slice.Entity.Namespace}/{slice.Entity.ServiceName}";
            var owners = services[name].Cast<IInterval>().DefaultIfEmpty(slice).ToList();
            foreach (var owner in owners)
                foreach (var endpoint in slice.Entity.Endpoints.Where(e => e.Ready))
                    foreach (var life in endpoint.PodUid is not null && pods.Contains(endpoint.PodUid) ? pods[endpoint.PodUid] : [])
                        AddPorts(moment.Clip(slice, owner, life), slice.Entity, owner, endpoint with { Node = endpoint.Node ?? life.Entity.Node }, endpoints);

            foreach (var owner in owners)
                foreach (var endpoint in slice.Entity.Endpoints.Where(e => e.Ready && (e.PodUid is null || !pods.Contains(e.PodUid))))
                    AddPorts(moment.Clip(slice, owner), slice.Entity, owner, endpoint, endpoints);
        }
    }

    private static void AddPorts((DateTime, DateTime) validity, EndpointSliceEntity slice, IInterval owner, Endpoint endpoint, RowCollector endpoints)
    {
        // A slice's port is the Service's port of the same name, resolved: the only place where named target ports are numbers.
        var service = (owner as Valid<ServiceEntity>)?.Entity;
        foreach (var port in slice.Ports.Where(p => p.Port is not null))
            endpoints.Add(
                validity, $"{slice.Namespace}/{slice.ServiceName}", service?.Ports.FirstOrDefault(p => p.Name == port.Name && p.Protocol == port.Protocol)?.Port,
                endpoint.Ip, port.Port, endpoint.Node, endpoint.Pod, endpoint.Ready, port.Protocol);
    }

    public static void AddPods(InventoryHistory history, RowCollector pods)
    {
        foreach (var pod in history.Pods)
            foreach (var ip in pod.Entity.Ips)
                pods.Add(
                    (pod.From, pod.To), $"{pod.Entity.Namespace}/{pod.Entity.Name}", pod.Entity.Namespace, ip, pod.Entity.Node,
                    pod.Entity.HostNetwork, pod.Entity.Workload, pod.Entity.App, KnownWorkloads.DutyOf(pod.Entity), pod.Entity.Created);
    }

    public static void AddIngresses(Moment moment, RowCollector ingresses)
    {
        foreach (var ingress in moment.Ingresses)
        {
            var service = moment.Controllers.ServiceOf(ingress.Entity);
            ingresses.Add(
                service is null ? moment.Clip(ingress) : moment.Clip(ingress, service), $"{ingress.Entity.Namespace}/{ingress.Entity.Name}", ingress.Entity.Class,
                service is null ? null : Moment.ServiceName(service.Entity), ingress.Entity.AllowList, ingress.Entity.Annotation,
                ingress.Entity.BackendServices.Count > 0 ? string.Join(',', ingress.Entity.BackendServices) : null);
        }
    }
}
