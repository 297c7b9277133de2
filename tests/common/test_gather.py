from accounts.models import Division
from common.gather import gather
from villages.models import Village


def test_several_reads_cost_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = gather(
            {
                "counties": Division.objects.filter(tier="COUNTY").order_by("-code").values_list("name", "pk"),
                "villages": Village.objects.order_by("pk").values_list("division__name", "klass", "township__name"),
                "nothing": Village.objects.none().values_list("pk"),
            }
        )
    assert found["counties"] == [["游仙区", world.other_county.pk], ["涪城区", world.county.pk]]
    assert found["villages"][0] == ["龙门村", None, "青义镇"]
    assert found["nothing"] == []


def test_a_limit_is_kept(world):
    assert len(gather({"some": Village.objects.order_by("pk").values_list("pk")[:2]})["some"]) == 2
